"""Secrets that begin with a mark of their provider, adafruit to firecrawl.

Source: the page each detector in rules/secrets/ links as its issuer.
"""

from __future__ import annotations

from typing import Final

from weirline.specimen.randomness import ALNUM, BASE64, BASE64_URL, CAPITALS, DIGITS, HEX, LOWER
from weirline.specimen.shape import Run, Shape
from weirline.specimen.specimen import Specimen, shaped

SPECIMENS: Final[tuple[Specimen, ...]] = (
    shaped("adafruit_io_key", "adafruit_key", Shape((b"aio_",), (Run(ALNUM, 28),))),
    shaped("adobe_client_secret", "adobe_secret", Shape((b"p8e-", b"p8-"), (Run(BASE64_URL, 32),))),
    shaped(
        "age_secret_key",
        "age_key",
        Shape((b"AGE-SECRET-KEY-1",), (Run(b"QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58),)),
    ),
    shaped(
        "airtable_personal_token",
        "airtable_token",
        Shape((b"pat",), (Run(ALNUM, 14), b".", Run(HEX, 64))),
    ),
    shaped(
        "akamai_credential",
        "akamai_token",
        Shape((b"akab-",), (Run(DIGITS + LOWER, 16), b"-", Run(DIGITS + LOWER, 16))),
    ),
    shaped("alchemy_api_key", "alchemy_key", Shape((b"alcht_",), (Run(ALNUM, 30),))),
    shaped("alibaba_access_key_id", "access_key_id", Shape((b"LTAI",), (Run(ALNUM, 20),))),
    shaped(
        "amazon_mws_auth_token",
        "mws_token",
        Shape(
            (b"amzn.mws.",),
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
    shaped("appveyor_api_token", "appveyor_token", Shape((b"v2.",), (Run(DIGITS + LOWER, 20),))),
    shaped("artifactory_api_key", "artifactory_key", Shape((b"AKCp",), (Run(ALNUM, 69),))),
    shaped(
        "artifactory_reference_token", "artifactory_token", Shape((b"cmVmdGtu",), (Run(ALNUM, 56),))
    ),
    shaped(
        "asana_token",
        "asana_token",
        Shape((b"1/", b"2/"), (Run(DIGITS, 16), b"/", Run(DIGITS, 16), b":", Run(HEX, 32))),
    ),
    shaped(
        "authress_service_key",
        "authress_key",
        Shape(
            (b"sc_", b"ext_", b"scauth_", b"authress_"),
            (
                Run(DIGITS + LOWER, 12),
                b".",
                Run(DIGITS + LOWER, 5),
                b".acc-",
                Run(DIGITS + LOWER, 16),
                b".",
                Run(BASE64, 48),
            ),
        ),
    ),
    shaped("aws_appsync_api_key", "appsync_key", Shape((b"da2-",), (Run(DIGITS + LOWER, 26),))),
    shaped("aws_bedrock_api_key", "bedrock_key", Shape((b"ABSK",), (Run(BASE64, 128),), floor=96)),
    shaped(
        "azure_ad_client_secret",
        "azure_secret",
        Shape((b"",), (Run(ALNUM, 3), Run(DIGITS, 1), b"Q~", Run(BASE64_URL, 34))),
    ),
    shaped(
        "azure_container_registry_password",
        "registry_password",
        Shape((b"",), (Run(ALNUM, 42), b"+ACR", Run(ALNUM, 6))),
    ),
    shaped(
        "azure_devops_token",
        "azure_devops_token",
        Shape((b"",), (Run(ALNUM, 76), b"AZDO", Run(ALNUM, 4))),
    ),
    shaped(
        "azure_function_key",
        "function_key",
        Shape((b"",), (Run(BASE64_URL, 44), b"AzFu", Run(BASE64_URL, 6), b"==")),
    ),
    shaped(
        "azure_search_key", "search_key", Shape((b"",), (Run(ALNUM, 42), b"AzSe", Run(ALNUM, 6)))
    ),
    shaped("bitbucket_app_password", "bitbucket_password", Shape((b"ATBB",), (Run(ALNUM, 32),))),
    shaped(
        "braintree_access_token",
        "braintree_token",
        Shape(
            (b"access_token$production$", b"access_token$sandbox$"),
            (Run(DIGITS + LOWER, 16), b"$", Run(HEX, 32)),
        ),
    ),
    shaped(
        "brevo_api_key",
        "brevo_key",
        Shape((b"xkeysib-", b"xsmtpsib-"), (Run(HEX, 64), b"-", Run(ALNUM, 16))),
    ),
    shaped("buildkite_token", "buildkite_token", Shape((b"bkua_",), (Run(HEX, 40),))),
    shaped("cerebras_api_key", "cerebras_key", Shape((b"csk-",), (Run(DIGITS + LOWER, 48),))),
    shaped("checkly_api_key", "checkly_key", Shape((b"cu_",), (Run(HEX, 32),))),
    shaped(
        "circleci_token",
        "circleci_token",
        Shape((b"CCIPAT_", b"CCIPRJ_"), (Run(ALNUM, 22), b"_", Run(HEX, 40))),
    ),
    shaped("clickhouse_cloud_key", "clickhouse_key", Shape((b"4b1d",), (Run(ALNUM, 38),))),
    shaped(
        "clickup_token",
        "clickup_token",
        Shape((b"pk_",), (Run(DIGITS, 8), b"_", Run(CAPITALS, 32))),
    ),
    shaped("clojars_token", "clojars_token", Shape((b"CLOJARS_",), (Run(DIGITS + LOWER, 60),))),
    shaped(
        "cloudflare_origin_ca_key",
        "cloudflare_key",
        Shape((b"v1.0-",), (Run(HEX, 24), b"-", Run(HEX, 146)), floor=109),
    ),
    shaped(
        "contentful_personal_token", "contentful_token", Shape((b"CFPAT-",), (Run(BASE64_URL, 43),))
    ),
    shaped("crates_io_token", "crates_token", Shape((b"cio",), (Run(ALNUM, 32),))),
    shaped("dbt_cloud_token", "dbt_token", Shape((b"dbtu_", b"dbtc_"), (Run(BASE64_URL, 40),))),
    shaped("deepseek_api_key", "deepseek_key", Shape((b"sk-",), (Run(HEX, 32),))),
    shaped(
        "discord_webhook_url",
        "webhook",
        Shape(
            (b"https://discord.com/api/webhooks/", b"https://discordapp.com/api/webhooks/"),
            (Run(DIGITS, 18), b"/", Run(BASE64_URL, 68)),
        ),
    ),
    shaped(
        "django_insecure_key", "secret_key", Shape((b"django-insecure-",), (Run(BASE64_URL, 50),))
    ),
    shaped("docker_access_token", "docker_token", Shape((b"dckr_pat_",), (Run(BASE64_URL, 27),))),
    shaped(
        "docker_organisation_token", "docker_token", Shape((b"dckr_oat_",), (Run(BASE64_URL, 32),))
    ),
    shaped(
        "dropbox_short_token", "dropbox_token", Shape((b"sl.",), (Run(BASE64_URL, 135),), floor=101)
    ),
    shaped(
        "duffel_access_token",
        "duffel_token",
        Shape((b"duffel_test_", b"duffel_live_"), (Run(BASE64_URL, 43),)),
    ),
    shaped(
        "dynatrace_token",
        "dynatrace_token",
        Shape((b"dt0c01.", b"dt0s01.", b"dt0s16."), (Run(CAPITALS, 24), b".", Run(CAPITALS, 64))),
    ),
    shaped("easypost_api_key", "easypost_key", Shape((b"EZAK", b"EZTK"), (Run(ALNUM, 54),))),
    shaped("elevenlabs_api_key", "elevenlabs_key", Shape((b"sk_",), (Run(HEX, 48),))),
    shaped("exoscale_access_key", "exoscale_key", Shape((b"EXO",), (Run(HEX, 24),))),
    shaped(
        "facebook_page_token",
        "facebook_token",
        Shape((b"EAAM", b"EAAC", b"EAAG", b"EAAB", b"EAAJ"), (Run(ALNUM, 150),), floor=112),
    ),
    shaped("fauna_key", "fauna_secret", Shape((b"fnA",), (Run(BASE64_URL, 37),))),
    shaped(
        "firebase_server_key",
        "fcm_key",
        Shape((b"AAAA",), (Run(BASE64_URL, 7), b":", Run(BASE64_URL, 140)), floor=105),
    ),
    shaped("firecrawl_api_key", "firecrawl_key", Shape((b"fc-",), (Run(HEX, 32),))),
)
