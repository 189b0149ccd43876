// Draws a Grafana board from its JSON file and a Prometheus, well enough to read it without Grafana.
// Panels stand where Grafana would put them; it knows the four looks that our boards use.
"use strict";

const COLOURS = ["#73bf69", "#f2cc0c", "#5794f2", "#ff780a", "#f2495c", "#b877d9", "#8ab8ff", "#37872d", "#fa6400", "#c0d8ff"];
const WINDOW_S = Number(new URLSearchParams(location.search).get("seconds") || 300);
const REFRESH_MS = 5000;
const VARIABLES = { $__rate_interval: "15s", $__range: `${WINDOW_S}s`, $quantile: "0.99", $cluster: ".*", $namespace: ".*", $service: ".*" };

const filled = (expr) => Object.entries(VARIABLES).reduce((text, [name, value]) => text.replaceAll(name, value), expr);

async function ask(path, parameters) {
  const answer = await fetch(`/api/v1/${path}?${new URLSearchParams(parameters)}`);
  const body = await answer.json();
  if (body.status !== "success") throw new Error(body.error);
  return body.data.result;
}

function legend(target, labels) {
  if (target.legendFormat === "__auto") return Object.values(labels).join(" ") || "all";
  return target.legendFormat.replace(/\{\{(\w+)\}\}/g, (_, name) => labels[name] ?? "").trim() || "all";
}

function shown(value, unit) {
  if (!Number.isFinite(value)) return "-";
  const short = (number) => number >= 1e6 ? `${(number / 1e6).toFixed(1)} M` : number >= 1e4 ? `${(number / 1e3).toFixed(1)} k` : Number(number.toPrecision(3)).toString();
  switch (unit) {
    case "percentunit": return `${(value * 100).toFixed(1)} %`;
    case "s": return value >= 1 ? `${short(value)} s` : value >= 1e-3 ? `${short(value * 1e3)} ms` : `${short(value * 1e6)} µs`;
    case "bytes": return value >= 2 ** 20 ? `${short(value / 2 ** 20)} MiB` : `${short(value / 1024)} KiB`;
    case "Bps": return value >= 2 ** 20 ? `${short(value / 2 ** 20)} MiB/s` : `${short(value / 1024)} KiB/s`;
    case "reqps": case "cps": case "mps": return `${short(value)}/s`;
    default: return short(value);
  }
}

const element = (tag, className, text) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};

async function series(panel, now) {
  const found = [];
  for (const target of panel.targets) {
    const query = filled(target.expr);
    if (target.instant) {
      for (const each of await ask("query", { query, time: now })) found.push({ name: legend(target, each.metric), labels: each.metric, value: Number(each.value[1]) });
    } else {
      const step = Math.max(1, Math.round(WINDOW_S / 150));
      for (const each of await ask("query_range", { query, start: now - WINDOW_S, end: now, step })) found.push({ name: legend(target, each.metric), points: each.values });
    }
  }
  return found;
}

function lines(panel, found, box) {
  const times = [...new Set(found.flatMap((each) => each.points.map(([time]) => time)))].sort((one, other) => one - other);
  const stacked = panel.fieldConfig.defaults.custom.stacking.mode === "normal";
  const unit = panel.fieldConfig.defaults.unit;
  let below = times.map(() => 0);
  const columns = found.map((each) => {
    const at = new Map(each.points.map(([time, value]) => [time, Number(value)]));
    const values = times.map((time) => (Number.isFinite(at.get(time)) ? at.get(time) : null));
    if (!stacked) return values;
    below = values.map((value, index) => (value ?? 0) + below[index]);
    return below;
  });
  const names = element("div", "legend");
  found.forEach((each, index) => {
    const name = element("span", "", each.name);
    const mark = element("i");
    mark.style.background = COLOURS[index % COLOURS.length];
    name.prepend(mark);
    names.append(name);
  });
  const plot = element("div", "plot");
  box.append(plot, names);
  const axis = { stroke: "#9a9ba8", grid: { stroke: "#2c3235", width: 1 }, ticks: { show: false }, font: "11px system-ui, DejaVu Sans, sans-serif" };
  const drawn = found.map((each, index) => ({ label: each.name, stroke: COLOURS[index % COLOURS.length], width: 1.5, fill: stacked ? `${COLOURS[index % COLOURS.length]}55` : undefined, points: { show: false } }));
  // The tallest of a pile is drawn first, so that those below stay visible.
  const order = stacked ? found.map((_, index) => index).reverse() : found.map((_, index) => index);
  const options = {
    width: plot.clientWidth, height: plot.clientHeight, legend: { show: false }, cursor: { show: false },
    scales: { y: { range: (_, __, most) => [0, most > 0 ? most * 1.1 : 1] } },
    axes: [axis, { ...axis, size: 74, values: (_, ticks) => ticks.map((tick) => shown(tick, unit)) }],
    series: [{}, ...order.map((index) => drawn[index])],
  };
  new uPlot(options, [times, ...order.map((index) => columns[index])], plot);
}

function number(panel, found, box) {
  const value = Number(found[0].points.at(-1)[1]);
  const steps = panel.fieldConfig.defaults.thresholds.steps;
  const bad = steps.length > 1 && value >= steps[1].value;
  box.append(element("div", bad ? "number bad" : "number", shown(value, panel.fieldConfig.defaults.unit)));
}

function bars(panel, found, box) {
  const list = element("div", "bars");
  const most = Math.max(...found.map((each) => each.value), 1e-9);
  for (const each of [...found].sort((one, other) => other.value - one.value)) {
    const bar = element("b");
    bar.style.width = `${(100 * each.value) / most}%`;
    const track = element("div");
    track.append(bar);
    const name = element("span", "", each.name);
    name.title = each.name;
    list.append(name, track, element("em", "", shown(Math.round(each.value), panel.fieldConfig.defaults.unit)));
  }
  box.append(list);
}

function table(panel, found, box) {
  const names = [...new Set(found.flatMap((each) => Object.keys(each.labels)))];
  const made = element("table");
  const head = element("tr");
  for (const name of [...names, "value"]) head.append(element("th", "", name));
  made.append(head);
  for (const each of [...found].sort((one, other) => other.value - one.value)) {
    const row = element("tr");
    for (const name of names) row.append(element("td", "", each.labels[name] ?? ""));
    row.append(element("td", "", shown(Math.round(each.value), panel.fieldConfig.defaults.unit)));
    made.append(row);
  }
  const scroll = element("div", "scroll");
  scroll.append(made);
  box.append(scroll);
}

const LOOKS = { timeseries: lines, stat: number, bargauge: bars, table };

async function draw(board) {
  const now = Date.now() / 1000;
  const answers = await Promise.all(board.panels.map((panel) => (panel.type === "row" ? null : series(panel, now).catch((error) => error))));
  const grid = document.getElementById("grid");
  grid.replaceChildren();
  board.panels.forEach((panel, index) => {
    const place = panel.gridPos;
    const box = element(panel.type === "row" ? "h2" : "section", "", panel.type === "row" ? panel.title : undefined);
    box.style.gridColumn = `${place.x + 1} / span ${place.w}`;
    box.style.gridRow = `${place.y + 1} / span ${place.h}`;
    grid.append(box);
    if (panel.type === "row") return;
    const title = element("h3", "", panel.title);
    title.title = panel.description;
    box.append(title);
    const found = answers[index];
    if (found instanceof Error) box.append(element("div", "empty", "not understood by Prometheus"));
    else if (found.length === 0) box.append(element("div", "empty", "no data yet"));
    else LOOKS[panel.type](panel, found, box);
  });
  document.getElementById("when").textContent = `last ${WINDOW_S} s, ${new Date().toLocaleTimeString()}`;
  document.body.dataset.drawn = String(Number(document.body.dataset.drawn || 0) + 1);
}

async function main() {
  const names = await (await fetch("/boards.json")).json();
  const chosen = location.hash.slice(1) || names[0].uid;
  const nav = document.getElementById("boards");
  nav.replaceChildren();
  for (const each of names) {
    const link = element("a", "", each.title.replace("Weirline / ", ""));
    link.href = `#${each.uid}`;
    if (each.uid === chosen) link.setAttribute("aria-current", "page");
    nav.append(link);
  }
  const board = await (await fetch(`/boards/${chosen}.json`)).json();
  document.getElementById("title").textContent = board.title;
  document.getElementById("about").textContent = board.description;
  await draw(board);
  clearInterval(main.timer);
  main.timer = setInterval(() => draw(board), REFRESH_MS);
}

addEventListener("hashchange", main);
main();
