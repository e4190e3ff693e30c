import { afterAll, beforeAll, describe } from "vitest";
import { aiCallCases } from "./service_accounts/ai_calls.cases.ts";
import { clinicStripeCases } from "./service_accounts/clinic_stripe.cases.ts";
import { keyCases } from "./service_accounts/keys.cases.ts";
import { patientSubscriptionCases } from "./service_accounts/patient_subscriptions.cases.ts";
import { closeWorld, openWorld } from "./service_accounts/world.ts";

beforeAll(openWorld);
afterAll(closeWorld);

describe("FND-24: POST /v1/ai-calls", aiCallCases);
describe("BIL-09: POST /v1/patient-subscriptions/{externalReference}/status", patientSubscriptionCases);
describe("BIL-09: POST /v1/webhooks/stripe/{integrationId}", clinicStripeCases);
describe("FND-24, BIL-09: a key of a program", keyCases);
