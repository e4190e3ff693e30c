/** An address with the name people read. */
export type MailAddress = { name: string; address: string };

/** A calendar file as part of a mail. */
export type Invitation = {
  /** REQUEST puts it into the calendar or replaces the earlier version, CANCEL takes it out. */
  method: "REQUEST" | "CANCEL";
  /** The iCalendar text. */
  content: string;
};

/** A rendered mail. The address it is sent from is the mailer's business. */
export type Mail = {
  /** Who writes, as people read it: the clinic. */
  senderName: string;
  replyTo?: MailAddress;
  to: MailAddress;
  subject: string;
  text: string;
  html: string;
  invitation?: Invitation;
  /** When the mail was written; fixed, so that a second sending is the same mail. */
  date: Date;
};

/** Why a sender cannot send. */
export type SenderProblem = {
  reason: "credentials_refused" | "sender_not_verified" | "sending_not_allowed" | "unreachable";
  /** One sentence on what to mend, without secrets. */
  advice: string;
};

/** The vendor took responsibility for the mail. */
export type Accepted = {
  /** Its own id, by which it reports bounces and complaints. */
  vendorId: string;
};

/**
 * Sends mail (FND-15). `send` resolves when the vendor took the mail, rejects with MailRefused when it
 * never will, with CredentialsRefused when our account is not accepted, and with MailDelayed when trying
 * again is worth it.
 *
 * The key makes the mail recognisable: the same key gives the same bytes, with the same Message-ID.
 * Neither SMTP nor SES remembers keys, so a crash between their answer and our record sends a second,
 * identical mail; a receiver that compares Message-IDs shows it once. Nothing else can send it twice.
 */
export interface Mailer {
  /** Who carries it, as its reports are filed. */
  readonly vendor?: string;
  /** The clinic's integration whose account sends; null or absent: the platform's. */
  readonly integrationId?: string | null;
  /** The address mails come from. */
  readonly from: string;
  send(mail: Mail, options: { key: string }): Promise<Accepted>;
  /** Asks the vendor whether this sender may send now; null when all is well. */
  check(): Promise<SenderProblem | null>;
  close(): void;
}

/** The mail will never be taken: trying again would annoy the vendor and help nobody. */
export class MailRefused extends Error {
  override name = "MailRefused";
  /** The mailbox does not exist, so nothing else need be sent there. */
  readonly addressIsDead: boolean;

  constructor(message: string, addressIsDead = false) {
    super(message);
    this.addressIsDead = addressIsDead;
  }
}

/** The mail was not taken this time: vendor busy, unreachable, or our account is not in order. */
export class MailDelayed extends Error {
  override name = "MailDelayed";
}

/** What a clinic entered leads to no server. Its keys may be right, so nothing is counted against them. */
export class AccountUnfit extends MailDelayed {
  readonly reason: "address_not_allowed" | "settings_incomplete";

  constructor(reason: AccountUnfit["reason"], message: string) {
    super(message);
    this.reason = reason;
  }
}
