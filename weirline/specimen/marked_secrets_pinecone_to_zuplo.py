"""Secrets that begin with a mark of their provider, pinecone to zuplo.

Source: the page each detector in rules/secrets/ links as its issuer.
"""

from __future__ import annotations

from typing import Final

from weirline.specimen.randomness import ALNUM, BASE64_URL, CAPITALS, DIGITS, HEX, LOWER, UPPER
from weirline.specimen.shape import Run, Shape
from weirline.specimen.specimen import Specimen, shaped

SPECIMENS: Final[tuple[Specimen, ...]] = (
    shaped(
        "pinecone_api_key",
        "pinecone_key",
        Shape((b"pcsk_",), (Run(ALNUM, 5), b"_", Run(ALNUM, 63))),
    ),
    shaped(
        "plaid_access_token",
        "plaid_token",
        Shape(
            (b"access-sandbox-", b"access-development-", b"access-production-"),
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
    shaped("posthog_personal_key", "posthog_key", Shape((b"phx_",), (Run(ALNUM, 43),))),
    shaped("posthog_project_key", "posthog_key", Shape((b"phc_",), (Run(ALNUM, 43),))),
    shaped("prefect_api_key", "prefect_key", Shape((b"pnu_", b"pnb_"), (Run(DIGITS + LOWER, 36),))),
    shaped(
        "razorpay_key_id", "razorpay_key", Shape((b"rzp_live_", b"rzp_test_"), (Run(ALNUM, 14),))
    ),
    shaped("readme_api_key", "readme_key", Shape((b"rdme_",), (Run(DIGITS + LOWER, 70),))),
    shaped("render_api_key", "render_key", Shape((b"rnd_",), (Run(ALNUM, 28),))),
    shaped("replicate_api_token", "replicate_token", Shape((b"r8_",), (Run(ALNUM, 37),))),
    shaped("resend_api_key", "resend_key", Shape((b"re_",), (Run(ALNUM, 8), b"_", Run(ALNUM, 24)))),
    shaped("rubygems_api_key", "rubygems_key", Shape((b"rubygems_",), (Run(HEX, 48),))),
    shaped(
        "salesforce_session_id",
        "salesforce_token",
        Shape((b"00D",), (Run(ALNUM, 12), b"!", Run(ALNUM, 96))),
    ),
    shaped("scalingo_api_token", "scalingo_token", Shape((b"tk-us-",), (Run(BASE64_URL, 48),))),
    shaped("segment_public_api_token", "segment_token", Shape((b"sgp_",), (Run(ALNUM, 64),))),
    shaped(
        "settlemint_token",
        "settlemint_token",
        Shape((b"sm_pat_", b"sm_aat_", b"sm_sat_"), (Run(ALNUM, 16),)),
    ),
    shaped(
        "shippo_api_token",
        "shippo_token",
        Shape((b"shippo_live_", b"shippo_test_"), (Run(HEX, 40),)),
    ),
    shaped(
        "slack_legacy_token",
        "slack_token",
        Shape(
            (b"xoxo-",),
            (Run(DIGITS, 11), b"-", Run(DIGITS, 11), b"-", Run(DIGITS, 11), b"-", Run(HEX, 10)),
        ),
    ),
    shaped("sonar_token", "sonar_token", Shape((b"squ_", b"sqp_", b"sqa_"), (Run(HEX, 40),))),
    shaped(
        "sourcegraph_access_token",
        "sourcegraph_token",
        Shape((b"sgp_",), (Run(HEX, 16), b"_", Run(HEX, 40))),
    ),
    shaped("sourcegraph_cody_key", "cody_key", Shape((b"slk_", b"sgs_", b"sgd_"), (Run(HEX, 64),))),
    shaped(
        "sourcegraph_user_token",
        "sourcegraph_token",
        Shape((b"sgp_local_", b"sgp_"), (Run(HEX, 40),)),
    ),
    shaped(
        "stytch_secret",
        "stytch_secret",
        Shape((b"secret-test-", b"secret-live-"), (Run(BASE64_URL, 36),)),
    ),
    shaped("supabase_access_token", "supabase_token", Shape((b"sbp_",), (Run(HEX, 40),))),
    shaped(
        "supabase_secret_key",
        "supabase_key",
        Shape((b"sb_secret_",), (Run(BASE64_URL, 22), b"_", Run(BASE64_URL, 8))),
    ),
    shaped(
        "tailscale_key",
        "tailscale_key",
        Shape(
            (b"tskey-api-", b"tskey-auth-", b"tskey-client-", b"tskey-webhook-", b"tskey-scim-"),
            (Run(ALNUM, 17), b"-", Run(ALNUM, 33)),
        ),
    ),
    shaped("tavily_api_key", "tavily_key", Shape((b"tvly-", b"tvly-dev-"), (Run(ALNUM, 32),))),
    shaped(
        "teams_webhook_url",
        "webhook",
        Shape(
            (b"https://",),
            (
                Run(DIGITS + LOWER, 10),
                b".webhook.office.com/webhookb2/",
                Run(HEX, 8),
                b"-",
                Run(HEX, 4),
                b"-",
                Run(HEX, 4),
                b"-",
                Run(HEX, 4),
                b"-",
                Run(HEX, 12),
                b"@",
                Run(HEX, 8),
                b"-",
                Run(HEX, 4),
                b"-",
                Run(HEX, 4),
                b"-",
                Run(HEX, 4),
                b"-",
                Run(HEX, 12),
                b"/IncomingWebhook/",
                Run(HEX, 32),
                b"/",
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
        "telnyx_api_key",
        "telnyx_key",
        Shape((b"KEY",), (Run(DIGITS + UPPER[:6], 32), b"_", Run(ALNUM, 22))),
    ),
    shaped("tencent_secret_id", "tencent_id", Shape((b"AKID",), (Run(ALNUM, 32),))),
    shaped("together_api_key", "together_key", Shape((b"tgp_v1_",), (Run(BASE64_URL, 43),))),
    shaped("trello_api_token", "trello_token", Shape((b"ATTA",), (Run(HEX, 72),))),
    shaped("twilio_account_sid", "twilio_account_sid", Shape((b"AC",), (Run(HEX, 32),))),
    shaped(
        "twitter_bearer_token",
        "twitter_bearer_token",
        Shape((b"AAAAAAAAAAAAAAAAAAAAA",), (Run(ALNUM, 90),)),
    ),
    shaped(
        "typeform_token",
        "typeform_token",
        Shape((b"tfp_",), (Run(BASE64_URL, 44), b"_", Run(BASE64_URL, 14))),
    ),
    shaped("upcloud_api_token", "upcloud_token", Shape((b"ucat_",), (Run(CAPITALS, 26),))),
    shaped(
        "uptimerobot_api_key",
        "uptimerobot_key",
        Shape((b"u", b"m"), (Run(DIGITS, 7), b"-", Run(HEX, 24))),
    ),
    shaped("volcengine_access_key", "volcengine_key", Shape((b"AKLT",), (Run(ALNUM, 43),))),
    shaped("voyage_api_key", "voyage_key", Shape((b"pa-",), (Run(BASE64_URL, 43),))),
    shaped(
        "wakatime_api_key",
        "wakatime_key",
        Shape(
            (b"waka_", b"waka_tok_"),
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
    shaped("wandb_api_key", "wandb_key", Shape((b"wandb_v1_",), (Run(BASE64_URL, 77),))),
    shaped("xai_api_key", "xai_key", Shape((b"xai-",), (Run(ALNUM, 80),))),
    shaped("xata_api_key", "xata_key", Shape((b"xau_",), (Run(ALNUM, 43),))),
    shaped("yandex_api_key", "yandex_key", Shape((b"AQVN",), (Run(BASE64_URL, 36),))),
    shaped(
        "yandex_iam_token",
        "yandex_token",
        Shape((b"t1.",), (Run(BASE64_URL, 70), b".", Run(BASE64_URL, 86))),
    ),
    shaped("yandex_oauth_token", "yandex_token", Shape((b"y0_",), (Run(BASE64_URL, 56),))),
    shaped("yandex_static_key", "yandex_secret", Shape((b"YC",), (Run(BASE64_URL, 38),))),
    shaped(
        "zapier_webhook_url",
        "webhook",
        Shape(
            (b"https://hooks.zapier.com/hooks/catch/",),
            (Run(DIGITS, 7), b"/", Run(DIGITS + LOWER, 7)),
        ),
    ),
    shaped(
        "zoho_oauth_token", "zoho_token", Shape((b"1000.",), (Run(HEX, 32), b".", Run(HEX, 32)))
    ),
    shaped(
        "zuplo_api_key",
        "zuplo_key",
        Shape((b"zpka_",), (Run(DIGITS + LOWER, 32), b"_", Run(HEX, 8))),
    ),
)
