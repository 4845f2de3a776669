"""Every setting of the product, and the only reader of the environment.

Each field is set by an environment variable of the same name in capitals, or by a line in ``.env``.
"""

from functools import lru_cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

KEY_BYTES = 32


class Settings(BaseSettings):
    """The settings in force in this process."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    database_url: str = Field("sqlite:///var/partnerdesk.db", description="Where everything is remembered.")
    admin_url: str = Field("http://127.0.0.1:8501", description="Public address of the admin app.")
    portal_url: str = Field("http://127.0.0.1:8502", description="Public address of the portal app.")
    trusted_proxies: int = Field(0, ge=0, le=10, description="How many of our own proxies stand before the apps.")
    state_dir: Path = Field(Path("var"), description="Folder for the files the product writes itself.")

    secret_keys: SecretStr = Field(
        SecretStr(""),
        description="Signing keys as id:key pairs, newest first, comma separated; empty: made once in state_dir.",
    )
    audit_key: SecretStr = Field(
        SecretStr(""), description="Key of the audit chain, kept outside the database; empty: made once in state_dir."
    )
    legacy_proposal_codes_accepted: bool = Field(False, description="Whether old access codes still unlock proposals.")

    nda_certificate_file: str = Field("", description="PKCS#12 file that seals NDAs; empty: made once in state_dir.")
    nda_certificate_password: SecretStr = Field(SecretStr(""), description="Password of that file.")
    nda_timestamp_url: str = Field("", description="RFC 3161 timestamp server for sealed NDAs; empty: none is asked.")

    smtp_host: str = Field("", description="Mail server; empty: mails are kept in the outbox.")
    smtp_port: int = Field(587, ge=1, le=65535, description="Port of the mail server.")
    smtp_user: str = Field("", description="User name at the mail server; empty: no sign-in.")
    smtp_password: SecretStr = Field(SecretStr(""), description="Password or API key at the mail server.")
    smtp_security: Literal["starttls", "ssl", "none"] = Field("starttls", description="How the connection is secured.")
    smtp_timeout: float = Field(15.0, gt=0, description="Seconds one step of sending may take.")
    mail_from: str = Field("partners@localhost", description="Address our mails come from.")
    mail_from_name: str = Field("", description="Name our mails come from; empty: the company's.")

    storage_url: str = Field("", description="Where documents are kept, s3://bucket/folder; empty: in state_dir.")
    storage_endpoint: str = Field("", description="Address of an S3 service other than Amazon's.")
    storage_region: str = Field("us-east-1", description="Region of the bucket.")
    storage_key_id: str = Field("", description="Key id at the S3 service; empty: the machine's own role.")
    storage_secret: SecretStr = Field(SecretStr(""), description="Secret key at the S3 service.")
    max_upload_mb: int = Field(15, ge=1, le=100, description="Largest file that may be uploaded, in megabytes.")

    unlock_failures_per_partner: int = Field(5, ge=1, description="Failed unlocks an hour per address and partner.")
    unlock_failures_per_address: int = Field(20, ge=1, description="Failed unlocks an hour per address.")
    sign_in_links_per_address: int = Field(10, ge=1, description="Sign-in links an hour that one address may ask for.")
    code_on_new_device: bool = Field(True, description="Whether a device not seen before needs a mailed code first.")
    mailed_codes_per_partner: int = Field(6, ge=1, description="Codes an hour per address and partner.")
    nda_submissions_per_partner: int = Field(3, ge=1, description="NDAs an hour submitted per address and partner.")
    verifications_per_address: int = Field(60, ge=1, description="Checks of signed NDAs an hour per address.")
    pre_checks_per_day: int = Field(20, ge=1, description="Questions a day whether a customer is free, per partner.")
    cal_webhook_secret: SecretStr = Field(
        SecretStr(""), description="Secret of the booking service's webhook; empty: bookings are not taken in."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="How much the processes say.")

    @field_validator("storage_url")
    @classmethod
    def _a_bucket(cls, url: str) -> str:
        if url and not (url.startswith("s3://") and url.removeprefix("s3://").strip("/")):
            raise ValueError("STORAGE_URL names a bucket: s3://bucket or s3://bucket/folder")
        return url

    @field_validator("admin_url", "portal_url")
    @classmethod
    def _no_trailing_slash(cls, url: str) -> str:
        return url.rstrip("/")

    @model_validator(mode="after")
    def _keys_are_long(self) -> Self:
        keys = [pair.partition(":")[2] for pair in self.secret_keys.get_secret_value().split(",") if pair]
        if self.audit_key.get_secret_value():
            keys.append(self.audit_key.get_secret_value())
        if any(len(key.encode()) < KEY_BYTES for key in keys):
            raise ValueError(f"SECRET_KEYS and AUDIT_KEY need at least {KEY_BYTES} bytes each: id:key,id:key")
        return self


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings, read once a process."""
    return Settings()
