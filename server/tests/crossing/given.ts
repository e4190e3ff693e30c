/** Arguments that no row and no kind of value tells, by verb: tokens, keys of vendors, words of ours, rows in a state of their own. */
import { ofAppointments } from "./given/appointments.ts";
import { ofAutomations } from "./given/automations.ts";
import { ofBilling } from "./given/billing.ts";
import { ofConsents } from "./given/consents.ts";
import { ofDocuments } from "./given/documents.ts";
import { ofExercises } from "./given/exercises.ts";
import { ofFiles } from "./given/files.ts";
import { ofForms } from "./given/forms.ts";
import type { Making } from "./given/making.ts";
import { ofNotify } from "./given/notify.ts";
import { ofOrganizations } from "./given/organizations.ts";
import { ofPatients } from "./given/patients.ts";
import { ofPlans } from "./given/plans.ts";
import { ofProviders } from "./given/providers.ts";
import { ofScheduling } from "./given/scheduling.ts";
import { ofServiceAccounts } from "./given/service_accounts.ts";
import { ofSignatures } from "./given/signatures.ts";
import { ofTelemetry } from "./given/telemetry.ts";
import { ofTreatment } from "./given/treatment.ts";
import { ofWaitlist } from "./given/waitlist.ts";

const areas = [
  ofAppointments,
  ofAutomations,
  ofBilling,
  ofConsents,
  ofDocuments,
  ofExercises,
  ofFiles,
  ofForms,
  ofNotify,
  ofOrganizations,
  ofPatients,
  ofPlans,
  ofProviders,
  ofScheduling,
  ofServiceAccounts,
  ofSignatures,
  ofTelemetry,
  ofTreatment,
  ofWaitlist,
];

export const given: Record<string, Making> = {};
for (const [verb, making] of areas.flatMap((area) => Object.entries(area))) {
  if (verb in given) throw new Error(`${verb} is given by two areas`);
  given[verb] = making;
}
