/** The vendor does not accept our credentials: nothing a retry mends; counted against the integration (FND-23). */
export class CredentialsRefused extends Error {
  override name = "CredentialsRefused";
}

/** The vendor did not do it now: trying again is worth it. */
export class Delayed extends Error {
  override name = "Delayed";
  /** When the vendor wants to be asked again, in seconds; null: it did not say. */
  readonly retryAfter: number | null;

  constructor(message: string, retryAfter: number | null = null) {
    super(message);
    this.retryAfter = retryAfter;
  }
}

/** The vendor may have done it, and its answer is lost: it is looked up before anything is done again. */
export class OutcomeUnknown extends Delayed {
  override name = "OutcomeUnknown";
}

/** The vendor never will. The message is for operators: the vendor's word for it. */
export class Refused extends Error {
  override name = "Refused";
}
