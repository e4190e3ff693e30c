/** What a clinic can choose a vendor for (FND-22). */
export type Capability =
  | "email"
  | "sms"
  | "whatsapp"
  | "push"
  | "video"
  | "exercise_video"
  | "storage"
  | "payment"
  | "invoicing"
  | "patient_payment"
  | "clinic_payout";

/** Which vendor serves a capability for a clinic, and with whose account. */
export type ResolvedProvider = {
  provider: string;
  /** Names and numbers that are no secret: sender, region, bucket. */
  settings: Record<string, unknown>;
  /** The clinic's own account; null means the platform's, from the environment. */
  credentials: Record<string, string> | null;
  /** The row of organization_integrations behind the credentials. */
  integrationId: string | null;
};

/** Looks the vendor up. A capability that is declared and not built is a Refusal. */
export type ResolveProvider = (capability: Capability, organizationId: string) => Promise<ResolvedProvider>;

/** Notes whether a vendor took a clinic's keys; five refusals in a row switch the integration off (FND-23). */
export type NoteUse = <T>(integrationId: string | null, use: Promise<T>) => Promise<T>;
