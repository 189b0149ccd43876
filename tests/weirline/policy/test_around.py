from __future__ import annotations

from weirline.policy.around import Around


def test_stand_ins_of_two_names_have_keys_of_their_own_and_no_key_is_shown() -> None:
    around = Around(tokenise_key=b"\x01" * 32)
    assert around.named_key("eu") == around.named_key("eu")
    assert len({around.named_key("eu"), around.named_key("us"), around.tokenise_key}) == 3
    assert "key" not in repr(around)
