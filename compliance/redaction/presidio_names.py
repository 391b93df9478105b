"""What recognisers written for Presidio call things, as types of the portal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from compliance.redaction.detections import PrivateType as T

# Presidio's names (https://microsoft.github.io/presidio/supported_entities/), with those that it takes from models. What is not
# here has no type of the portal (ORGANIZATION, NRP, AGE, which is any age, registers of firms): policies hide it as they hide
# anything they do not know. Numbers of other countries stand with what they are used as there.
_TYPES: Final[Mapping[str, T]] = {
    "PERSON": T.NAME,
    "LOCATION": T.ADDRESS, "UK_POSTCODE": T.ADDRESS,
    "DATE_TIME": T.DATE,
    "EMAIL_ADDRESS": T.EMAIL, "EMAIL": T.EMAIL,
    "PHONE_NUMBER": T.PHONE_NUMBER,
    "URL": T.URL,
    "IP_ADDRESS": T.IP_ADDRESS,
    "MAC_ADDRESS": T.DEVICE_ID,
    # Of taxpayers, and of persons where everybody has one number.
    "US_SSN": T.SSN, "US_ITIN": T.SSN, "UK_NINO": T.SSN, "AU_TFN": T.SSN, "ES_NIE": T.SSN, "ES_NIF": T.SSN,
    "FI_PERSONAL_IDENTITY_CODE": T.SSN, "IN_AADHAAR": T.SSN, "IN_PAN": T.SSN, "IT_FISCAL_CODE": T.SSN, "KR_FRN": T.SSN,
    "KR_RRN": T.SSN, "NG_NIN": T.SSN, "PL_PESEL": T.SSN, "SG_NRIC_FIN": T.SSN, "TH_TNIN": T.SSN,
    "CREDIT_CARD": T.CREDIT_CARD,
    "US_BANK_NUMBER": T.BANK_ACCOUNT, "ABA_ROUTING_NUMBER": T.BANK_ACCOUNT, "IBAN_CODE": T.BANK_ACCOUNT, "CRYPTO": T.BANK_ACCOUNT,
    "US_DRIVER_LICENSE": T.LICENSE_NUMBER, "IT_DRIVER_LICENSE": T.LICENSE_NUMBER, "KR_DRIVER_LICENSE": T.LICENSE_NUMBER,
    "US_PASSPORT": T.LICENSE_NUMBER, "IN_PASSPORT": T.LICENSE_NUMBER, "IT_PASSPORT": T.LICENSE_NUMBER,
    "KR_PASSPORT": T.LICENSE_NUMBER, "UK_PASSPORT": T.LICENSE_NUMBER, "IT_IDENTITY_CARD": T.LICENSE_NUMBER,
    "IN_VOTER": T.LICENSE_NUMBER, "MEDICAL_LICENSE": T.LICENSE_NUMBER, "US_NPI": T.LICENSE_NUMBER,
    "US_MBI": T.HEALTH_PLAN_NUMBER, "AU_MEDICARE": T.HEALTH_PLAN_NUMBER,
    "UK_NHS": T.MEDICAL_RECORD_NUMBER,
    "IN_VEHICLE_REGISTRATION": T.VEHICLE_ID, "NG_VEHICLE_REGISTRATION": T.VEHICLE_ID, "UK_VEHICLE_REGISTRATION": T.VEHICLE_ID,
}  # fmt: skip


def portal_type(name: str) -> str:
    """The portal's type for Presidio's; any other name stays as it is, and is hidden as what no policy names."""
    known = _TYPES.get(name)
    return known.value if known is not None else name
