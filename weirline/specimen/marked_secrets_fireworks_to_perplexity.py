"""Secrets that begin with a mark of their provider, fireworks to perplexity.

Source: the page each detector in rules/secrets/ links as its issuer.
"""

from __future__ import annotations

from typing import Final

from weirline.specimen.randomness import ALNUM, BASE64, BASE64_URL, CAPITALS, DIGITS, HEX, LOWER
from weirline.specimen.shape import Run, Shape
from weirline.specimen.specimen import Specimen, shaped

SPECIMENS: Final[tuple[Specimen, ...]] = (
    shaped("fireworks_api_key", "fireworks_key", Shape((b"fw_",), (Run(ALNUM, 24),))),
    shaped(
        "flutterwave_encryption_key",
        "flutterwave_key",
        Shape((b"FLWSECK_TEST", b"FLWSECK"), (Run(HEX, 12),)),
    ),
    shaped(
        "flutterwave_public_key",
        "flutterwave_key",
        Shape((b"FLWPUBK-", b"FLWPUBK_TEST-"), (Run(HEX, 32), b"-X")),
    ),
    shaped(
        "flutterwave_secret_key",
        "flutterwave_key",
        Shape((b"FLWSECK-", b"FLWSECK_TEST-"), (Run(HEX, 32), b"-X")),
    ),
    shaped("flyio_access_token", "fly_token", Shape((b"fo1_",), (Run(BASE64_URL, 43),))),
    shaped(
        "flyio_macaroon",
        "fly_token",
        Shape((b"fm1a_", b"fm1r_", b"fm2_"), (Run(BASE64, 140),), floor=105),
    ),
    shaped("frameio_token", "frameio_token", Shape((b"fio-u-",), (Run(BASE64_URL, 64),))),
    shaped(
        "google_chat_webhook",
        "webhook",
        Shape(
            (b"https://chat.googleapis.com/v1/spaces/",),
            (
                Run(BASE64_URL, 11),
                b"/messages?key=AIza",
                Run(BASE64_URL, 35),
                b"&token=",
                Run(BASE64_URL, 43),
            ),
        ),
    ),
    shaped(
        "google_oauth_access_token",
        "google_token",
        Shape((b"ya29.",), (Run(BASE64_URL, 120),), floor=90),
    ),
    shaped(
        "google_oauth_client_id",
        "client_id",
        Shape(
            (b"",), (Run(DIGITS, 12), b"-", Run(DIGITS + LOWER, 32), b".apps.googleusercontent.com")
        ),
    ),
    shaped(
        "google_oauth_refresh_token", "refresh_token", Shape((b"1//0",), (Run(BASE64_URL, 60),))
    ),
    shaped("groq_api_key", "groq_key", Shape((b"gsk_",), (Run(ALNUM, 52),))),
    shaped(
        "harness_token",
        "harness_token",
        Shape((b"pat.", b"sat."), (Run(BASE64_URL, 22), b".", Run(HEX, 24), b".", Run(ALNUM, 20))),
    ),
    shaped("heroku_api_key", "heroku_key", Shape((b"HRKU-AA",), (Run(BASE64_URL, 58),))),
    shaped(
        "honeycomb_ingest_key", "honeycomb_key", Shape((b"hcaik_",), (Run(DIGITS + LOWER, 58),))
    ),
    shaped(
        "hubspot_private_app_token",
        "hubspot_token",
        Shape(
            (b"pat-na1-", b"pat-eu1-", b"pat-na2-"),
            (
                Run(HEX, 8),
                b"-",
                Run(HEX, 4),
                b"-",
                Run(HEX, 4),
                b"-",
                Run(HEX, 4),
                b"-",
                Run(HEX, 12),
            ),
        ),
    ),
    shaped("infracost_api_key", "infracost_key", Shape((b"ico-",), (Run(ALNUM, 32),))),
    shaped(
        "instagram_access_token",
        "instagram_token",
        Shape((b"IGQVJ", b"IGAA"), (Run(BASE64_URL, 160),), floor=120),
    ),
    shaped(
        "intra42_client_secret",
        "intra42_secret",
        Shape((b"s-s4t2ud-", b"s-s4t2af-"), (Run(HEX, 64),)),
    ),
    shaped("jenkins_api_token", "jenkins_token", Shape((b"11",), (Run(HEX, 32),))),
    shaped("jina_api_key", "jina_key", Shape((b"jina_",), (Run(ALNUM, 60),))),
    shaped(
        "langfuse_secret_key",
        "langfuse_key",
        Shape(
            (b"sk-lf-",),
            (
                Run(HEX, 8),
                b"-",
                Run(HEX, 4),
                b"-",
                Run(HEX, 4),
                b"-",
                Run(HEX, 4),
                b"-",
                Run(HEX, 12),
            ),
        ),
    ),
    shaped(
        "langsmith_api_key",
        "langsmith_key",
        Shape((b"lsv2_pt_", b"lsv2_sk_"), (Run(HEX, 32), b"_", Run(HEX, 10))),
    ),
    shaped(
        "launchdarkly_key",
        "launchdarkly_key",
        Shape(
            (b"api-", b"sdk-", b"mob-"),
            (
                Run(HEX, 8),
                b"-",
                Run(HEX, 4),
                b"-",
                Run(HEX, 4),
                b"-",
                Run(HEX, 4),
                b"-",
                Run(HEX, 12),
            ),
        ),
    ),
    shaped("lichess_token", "lichess_token", Shape((b"lip_",), (Run(ALNUM, 20),))),
    shaped(
        "linkedin_access_token",
        "linkedin_token",
        Shape((b"AQV", b"AQX"), (Run(BASE64_URL, 180),), floor=135),
    ),
    shaped("mandrill_api_key", "mandrill_key", Shape((b"md-",), (Run(BASE64_URL, 22),))),
    shaped(
        "mapbox_public_token",
        "mapbox_token",
        Shape((b"pk.eyJ",), (Run(BASE64_URL, 70), b".", Run(BASE64_URL, 22))),
    ),
    shaped(
        "mapbox_secret_token",
        "mapbox_token",
        Shape((b"sk.eyJ",), (Run(BASE64_URL, 70), b".", Run(BASE64_URL, 22))),
    ),
    shaped(
        "maxmind_license_key",
        "maxmind_key",
        Shape((b"",), (Run(ALNUM, 6), b"_", Run(ALNUM, 29), b"_mmk")),
    ),
    shaped(
        "mercado_pago_access_token",
        "mercadopago_token",
        Shape(
            (b"APP_USR-", b"TEST-"),
            (Run(DIGITS, 16), b"-", Run(DIGITS, 6), b"-", Run(HEX, 32), b"-", Run(DIGITS, 9)),
        ),
    ),
    shaped("mollie_api_key", "mollie_key", Shape((b"live_", b"test_"), (Run(ALNUM, 30),))),
    shaped("mongodb_atlas_secret", "atlas_secret", Shape((b"mdb_sa_sk_",), (Run(BASE64_URL, 40),))),
    shaped("neon_api_key", "neon_key", Shape((b"napi_",), (Run(DIGITS + LOWER, 64),))),
    shaped(
        "netlify_token",
        "netlify_token",
        Shape((b"nfp_", b"nfc_", b"nfo_", b"nfb_"), (Run(ALNUM, 36),)),
    ),
    shaped("new_relic_browser_key", "new_relic_key", Shape((b"NRJS-",), (Run(HEX, 19),))),
    shaped(
        "new_relic_insert_key", "new_relic_key", Shape((b"NRII-", b"NRIQ-"), (Run(BASE64_URL, 32),))
    ),
    shaped("new_relic_license_key", "new_relic_key", Shape((b"",), (Run(HEX, 36), b"NRAL"))),
    shaped("new_relic_rest_key", "new_relic_key", Shape((b"NRRA-",), (Run(HEX, 42),))),
    shaped("ngrok_api_key", "ngrok_token", Shape((b"",), (Run(ALNUM, 27), b"_", Run(ALNUM, 21)))),
    shaped("nuget_api_key", "nuget_key", Shape((b"oy2",), (Run(DIGITS + LOWER, 43),))),
    shaped("nvidia_api_key", "nvidia_key", Shape((b"nvapi-",), (Run(BASE64_URL, 64),))),
    shaped("octopus_deploy_api_key", "octopus_key", Shape((b"API-",), (Run(CAPITALS, 26),))),
    shaped(
        "onepassword_secret_key",
        "secret_key",
        Shape(
            (b"A3-",),
            (
                Run(CAPITALS, 6),
                b"-",
                Run(CAPITALS, 6),
                b"-",
                Run(CAPITALS, 5),
                b"-",
                Run(CAPITALS, 5),
                b"-",
                Run(CAPITALS, 5),
                b"-",
                Run(CAPITALS, 5),
            ),
        ),
    ),
    shaped(
        "onepassword_service_token",
        "op_token",
        Shape((b"ops_eyJ",), (Run(BASE64_URL, 260),), floor=195),
    ),
    shaped("openrouter_api_key", "openrouter_key", Shape((b"sk-or-v1-",), (Run(HEX, 64),))),
    shaped("openshift_token", "openshift_token", Shape((b"sha256~",), (Run(BASE64_URL, 43),))),
    shaped(
        "pagerduty_token", "pagerduty_token", Shape((b"pdus+_", b"pdeu+_"), (Run(BASE64_URL, 70),))
    ),
    shaped("perplexity_api_key", "perplexity_key", Shape((b"pplx-",), (Run(ALNUM, 48),))),
)
