"""What the page's script hands to the browser, as JSON."""

from collections.abc import Iterable

from django.conf import settings
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
)
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from accounts.users.models import User
from sls.methods.passkey.ceremony import OFFERED
from sls.methods.passkey.models import PasskeyDevice


def to_make(
    *, challenge: str, user: User, handle: str, present: Iterable[PasskeyDevice], seconds: int
) -> str:
    """For ``navigator.credentials.create``. ``present`` are not to be made a second time."""
    made = generate_registration_options(
        rp_id=settings.PUBLIC_HOST,
        rp_name=settings.PORTAL_BRAND,
        user_id=base64url_to_bytes(handle),
        user_name=user.username,
        user_display_name=user.name,
        challenge=base64url_to_bytes(challenge),
        timeout=seconds * 1000,
        attestation=AttestationConveyancePreference.NONE,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptors(present),
        supported_pub_key_algs=list(OFFERED),
    )
    return options_to_json(made)


def to_answer(*, challenge: str, of: Iterable[PasskeyDevice], seconds: int) -> str:
    """For ``navigator.credentials.get``. Without any in ``of``, the person chooses among theirs."""
    asked = generate_authentication_options(
        rp_id=settings.PUBLIC_HOST,
        challenge=base64url_to_bytes(challenge),
        timeout=seconds * 1000,
        allow_credentials=_descriptors(of),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(asked)


def _descriptors(passkeys: Iterable[PasskeyDevice]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(passkey.credential_id),
            transports=[AuthenticatorTransport(one) for one in passkey.transports] or None,
        )
        for passkey in passkeys
    ]
