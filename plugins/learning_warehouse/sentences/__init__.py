"""Sentences that marts allow: `base` what they are made of, `impact` and `application` one builder per question."""
