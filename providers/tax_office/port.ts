/** What became of a document at the tax office. `unknown`: the office said a word that we do not know, or nothing of use. */
export type TaxAnswer = {
  state: "sent" | "accepted" | "rejected" | "unknown";
  /** The office's own word. */
  vendorState: string;
  /** Why it was rejected, in the office's words. */
  error: string | null;
};

/** A message of the office about a document that was sent to it in the platform's name. */
export type OfficeMessage = {
  id: string;
  /** The office's id of the upload. */
  uploadId: string;
  /** Of a document that was taken, or of errors in one that was not: the latter does not name the document. */
  kind: "taken" | "errors";
};

/**
 * The tax office's side of electronic invoices (BIL-04): who issues them sends them there, and only the office knows whether they were
 * accepted. Nothing is sent from here. Each rejects with CredentialsRefused, Delayed or Refused.
 */
export interface TaxOffice {
  readonly office: string;
  /** What became of an upload. */
  state(uploadId: string): Promise<TaxAnswer>;
  /** What the office says since then, sixty days back at most. */
  messages(since: Date): AsyncIterable<OfficeMessage>;
  /** The number of the document in a message, as its issuer wrote it; null where it holds none. */
  numberIn(messageId: string): Promise<string | null>;
}
