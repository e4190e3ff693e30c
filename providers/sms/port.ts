/** A short text to a telephone. */
export type TextMessage = {
  /** E.164. */
  to: string;
  body: string;
  /** WhatsApp outside a conversation: the approved template and its numbered variables. */
  template?: { id: string; variables: Record<string, string> };
};

/** The vendor took the message. */
export type TextAccepted = {
  /** Its own id, by which status callbacks name it. */
  vendorId: string;
};

/**
 * Sends texts over one channel (FND-15). `send` rejects with TextRefused when the vendor never will take it,
 * with CredentialsRefused when our account is not accepted, and with TextDelayed when trying again is worth it.
 * The key recognises a repeat where the vendor can.
 */
export interface TextMessenger {
  /** Who carries it, as its reports are filed. */
  readonly vendor?: string;
  /** The clinic's integration whose account sends; null or absent: the platform's. */
  readonly integrationId?: string | null;
  readonly channel: "sms" | "whatsapp";
  send(message: TextMessage, options: { key: string }): Promise<TextAccepted>;
}

/** The messenger that writes in a clinic's name, with the clinic's own sender where it has one. */
export type TextMessengers = {
  for(organizationId: string, channel: "sms" | "whatsapp"): Promise<TextMessenger>;
};

/** Whose owner said STOP is refused with the message `opted_out`: a wish towards this sender, no fault of the number. */
export class TextRefused extends Error {
  override name = "TextRefused";
  /** Nothing else need be sent to that number: unreachable for good, or it opted out. */
  readonly numberIsDead: boolean;

  constructor(message: string, numberIsDead = false) {
    super(message);
    this.numberIsDead = numberIsDead;
  }
}

export class TextDelayed extends Error {
  override name = "TextDelayed";
}
