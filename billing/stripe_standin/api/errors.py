"""Stripe's errors as exceptions that know their status and body."""

from typing import Any, Self


class StripeError(Exception):
    """An answer of status 4xx or 5xx in Stripe's words."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        type_: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        keep: bool = True,
    ) -> None:
        """`keep` is False when an idempotency key must not remember this answer: nothing was begun."""
        super().__init__(message)
        self.status, self.type, self.code, self.param, self.keep = status, type_, code, param, keep

    @classmethod
    def invalid(cls, message: str, param: str | None = None, code: str | None = None) -> Self:
        return cls(400, message, param=param, code=code)

    @classmethod
    def parameter(cls, message: str, param: str, code: str | None = None) -> Self:
        return cls(400, message, param=param, code=code, keep=False)

    @classmethod
    def missing(cls, kind: str, id_: str | None, param: str = "id") -> Self:
        return cls(404, f"No such {kind}: '{id_ or ''}'", param=param, code="resource_missing")

    def body(self) -> dict[str, Any]:
        error = {"type": self.type, "code": self.code, "message": str(self), "param": self.param}
        if self.code:
            error["doc_url"] = f"https://docs.stripe.com/error-codes/{self.code.replace('_', '-')}"
        return {"error": {name: value for name, value in error.items() if value is not None}}
