import { addOnTexts } from "./add_ons.ts";
import { appointmentTexts } from "./appointments.ts";
import { automationTexts } from "./automations.ts";
import { codeTexts } from "./codes.ts";
import { consentTexts } from "./consents.ts";
import { coreTexts } from "./core.ts";
import { documentTexts } from "./documents.ts";
import { exerciseTexts } from "./exercises.ts";
import { factTexts } from "./facts.ts";
import { fileTexts } from "./files.ts";
import { formTexts } from "./forms.ts";
import { identityTexts } from "./identity.ts";
import { invoiceTexts } from "./invoices.ts";
import { meteringTexts } from "./metering.ts";
import { notifyTexts } from "./notify.ts";
import { patientTexts } from "./patients.ts";
import { paymentVendorTexts } from "./payment_vendors.ts";
import { paymentTexts } from "./payments.ts";
import { planTexts } from "./plans.ts";
import { providerTexts } from "./providers.ts";
import { readinessTexts } from "./readiness.ts";
import { renderingTexts } from "./rendering.ts";
import { requestTexts } from "./requests.ts";
import { rowTexts } from "./rows.ts";
import { ruleTexts } from "./rules.ts";
import { schedulingTexts } from "./scheduling.ts";
import { segmentTexts } from "./segments.ts";
import { serviceAccountTexts } from "./service_accounts.ts";
import { signInTexts } from "./sign_in.ts";
import { signatureTexts } from "./signatures.ts";
import { subscriptionTexts } from "./subscriptions.ts";
import { telemetryTexts } from "./telemetry.ts";
import type { Text } from "./text.ts";
import { treatmentTexts } from "./treatment.ts";
import { videoTexts } from "./video.ts";
import { waitlistTexts } from "./waitlist.ts";
import { webhookTexts } from "./webhooks.ts";

/** By area, in the order of their names; no refusal stands in two of them. */
export const areas = {
  add_ons: addOnTexts,
  appointments: appointmentTexts,
  automations: automationTexts,
  consents: consentTexts,
  core: coreTexts,
  documents: documentTexts,
  exercises: exerciseTexts,
  facts: factTexts,
  files: fileTexts,
  forms: formTexts,
  identity: identityTexts,
  invoices: invoiceTexts,
  metering: meteringTexts,
  notify: notifyTexts,
  patients: patientTexts,
  payment_vendors: paymentVendorTexts,
  payments: paymentTexts,
  plans: planTexts,
  providers: providerTexts,
  readiness: readinessTexts,
  requests: requestTexts,
  rows: rowTexts,
  rules: ruleTexts,
  segments: segmentTexts,
  scheduling: schedulingTexts,
  service_accounts: serviceAccountTexts,
  sign_in: signInTexts,
  rendering: renderingTexts,
  signatures: signatureTexts,
  subscriptions: subscriptionTexts,
  telemetry: telemetryTexts,
  treatment: treatmentTexts,
  video: videoTexts,
  waitlist: waitlistTexts,
  webhooks: webhookTexts,
};

/** What people read of every refusal, by code and reason: the one place for its words (FND-29). */
export const texts: ReadonlyMap<string, Text> = new Map(
  Object.values(areas).flatMap((area) => Object.entries<Text>(area)),
);

/** Of a refusal that is not known by its reason, what its code says; undefined for a code that nobody knows. */
export function textOf(code: string, reason: string): Text | undefined {
  return texts.get(`${code} ${reason}`) ?? (codeTexts as Readonly<Record<string, Text>>)[code];
}
