import { expect } from "vitest";
import type { Json } from "../support.ts";

/**
 * APT-06: what the clinic asks of a guest whom front desk has taken in. Nothing is confirmed before its notice was read, and
 * then nothing is in the way.
 */
export async function acceptWhatIsAsked({
  at,
  request,
  patient: { id: patient, organizationId: clinic },
}: {
  /** Runs an operation of the README as front desk. */
  at: (name: string, variables: object) => Promise<Json>;
  request: string;
  patient: { id: string; organizationId: string };
}): Promise<void> {
  const { data } = await at("Missing", { request });
  const asked = data.missingOfBookingRequest.filter(({ kind }: Json) => kind === "TERMS");
  if (asked.length === 0) return;
  const early = await at("Confirm", { request });
  expect(early.errors[0].extensions).toMatchObject({ code: "NOT_READY", reason: "requirements_missing" });
  expect(asked).toMatchObject([{ purpose: "privacy_notice", resolvedBy: "SELF", reason: "NEVER_GIVEN" }]);
  for (const { purposeVersionId: version } of asked) {
    const accepted = await at("Accept", { clinic, patient, version });
    expect(accepted.data.recordConsent.consent.purposeCode).toBe("privacy_notice");
  }
}
