-- The codes of refusals: part of the API's contract (docs/error-codes.md). FND-29.

select app_private.own_rows('app_hidden.error_codes', rows => '
  code                  | sqlstate | http_status | meaning
  ----------------------+----------+-------------+-------------------------------------------------------------
  VALIDATION            | RX400    | 400         | The input breaks a rule; details.field or details.rule names which.
  UNAUTHENTICATED       | RX401    | 401         | The caller must sign in, or sign in again.
  FORBIDDEN             | RX403    | 403         | The caller is known but may not do this.
  NOT_FOUND             | RX404    | 404         | There is no such thing, or it is not the caller''s to see.
  ENTITLEMENT_EXHAUSTED | RX402    | 409         | The plan does not include this, or includes no more of it.
  CONFLICT              | RX409    | 409         | Something else already stands in the way.
  STATE                 | RX412    | 409         | The move is not legal from the present state; details.legal lists the legal ones.
  IMMUTABLE             | RX423    | 409         | What is written there is never changed.
  CAPABILITY_NOT_BUILT  | RX424    | 409         | The capability is declared and nothing implements it yet; details.capability names it.
  CONSENT_REQUIRED      | RX451    | 409         | A consent is missing; details names purpose and version.
  FORM_REQUIRED         | RX452    | 409         | A form must be signed first; details names it.
  NOT_READY             | RX453    | 409         | Something is asked of the patient first; details.missing lists all of it, each with what resolves it.
  SLOT_TAKEN            | RXSLT    | 409         | Somebody else has that time.
  GONE                  | RX410    | 410         | It existed and is over: used, expired or revoked.
  IDEMPOTENCY_MISMATCH  | RX422    | 422         | The idempotency key was used before with other content.
  RATE_LIMITED          | RX429    | 429         | Too many; details.retryAfterSeconds says when to try again.
');
