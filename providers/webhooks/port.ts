/** A request from a vendor as it arrived; nothing of it is believed before verify(). */
export type InboundRequest = {
  /** The bytes that were signed, never re-serialised. */
  rawBody: Buffer;
  headers: Record<string, string | undefined>;
  /** The URL as the vendor called it: some sign it. */
  url: string;
  /** The integration whose URL was called, where the vendor account is a clinic's own. */
  integrationId: string | null;
};

/** What a verified delivery says of itself. */
export type VerifiedDelivery = {
  /** The vendor's id of the event: the same id is the same event. */
  eventId: string;
  type: string;
  /** When it happened, by the vendor's clock; orders what arrives out of order. */
  occurredAt: Date | null;
};

/**
 * Checks that a request comes from the vendor (FND-25). Rejects with WebhookRefused: signature, age or shape.
 * Answers null for what is genuine and of no interest (a handshake it has dealt with).
 */
export interface WebhookVerifier {
  /** The vendor's name in the path: /v1/webhooks/<provider>. */
  readonly provider: string;
  verify(request: InboundRequest): Promise<VerifiedDelivery | null>;
}

export class WebhookRefused extends Error {
  override name = "WebhookRefused";
  readonly reason: "signature_missing" | "signature_invalid" | "timestamp_too_old" | "body_malformed";

  constructor(reason: WebhookRefused["reason"]) {
    super(reason);
    this.reason = reason;
  }
}
