// Starts processes: pages are looked at in a browser.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe } from "vitest";
import { codecCases } from "../../telemetry/tests/codec_in_browser.cases.ts";
import { buildPages } from "../../web/building/build.ts";
import { agreementCases } from "./pages/agreement.cases.ts";
import { automationCases } from "./pages/automations.cases.ts";
import { sharedAutomationCases } from "./pages/automations_together.cases.ts";
import { billingCases } from "./pages/billing.cases.ts";
import { billingCardCases } from "./pages/billing_card.cases.ts";
import { bookingCases } from "./pages/booking.cases.ts";
import { openBrowser } from "./pages/browser.ts";
import { type Clinic, openClinic } from "./pages/clinic.ts";
import { consentCases } from "./pages/consents.cases.ts";
import { documentCases } from "./pages/documents.cases.ts";
import { embedCases } from "./pages/embed.cases.ts";
import { exerciseCases } from "./pages/exercises.cases.ts";
import { firstLoadCases } from "./pages/first_load.cases.ts";
import { formCases } from "./pages/forms.cases.ts";
import { ideCases } from "./pages/ide.cases.ts";
import { mailboxCases } from "./pages/mailbox.cases.ts";
import { managingCases } from "./pages/managing.cases.ts";
import { platformBillingCases } from "./pages/platform_billing.cases.ts";
import { platformOfferCases } from "./pages/platform_offer.cases.ts";
import { platformPlanCases } from "./pages/platform_plans.cases.ts";
import { segmentCases } from "./pages/segments.cases.ts";
import { serviceKeyCases } from "./pages/service_keys.cases.ts";
import { sessionCases } from "./pages/session.cases.ts";
import { signingCases } from "./pages/signing.cases.ts";
import { treatmentCases } from "./pages/treatment.cases.ts";
import { treatmentSteeringCases } from "./pages/treatment_steering.cases.ts";

// One browser for every page: to unpack it costs more than to look at them.
let opened: Awaited<ReturnType<typeof openBrowser>>;
const browser = (): Browser => opened.browser;

beforeAll(async () => {
  [opened] = await Promise.all([openBrowser(), buildPages()]);
});
afterAll(() => opened.close());

describe("the page of the mailbox (FND-15)", () => mailboxCases(browser));
describe("the page of the IDE (FND-30)", () => ideCases(browser));
describe("the codec of landmarks in a browser (TEL-03)", () => codecCases(browser));
describe("a session at home (EXE-05, TEL-08)", () => sessionCases(browser));
describe("forms on a page (FRM-04)", () => formCases(browser));
describe("the card that pays for a clinic (BIL-08)", () => billingCardCases(browser));
describe("what people sign, and what they agreed to (CNS-05, CNS-06, CNS-09)", () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic();
  });
  afterAll(() => clinic.close());
  agreementCases(() => clinic);
  signingCases(browser, () => clinic);
  firstLoadCases(browser, () => clinic);
  consentCases(browser, () => clinic);
  bookingCases(browser, () => clinic);
  managingCases(browser, () => clinic);
  embedCases(browser, () => clinic);
  segmentCases(browser, () => clinic);
  documentCases(browser, () => clinic);
  automationCases(browser, () => clinic);
  sharedAutomationCases(browser, () => clinic);
  exerciseCases(browser, () => clinic);
  treatmentCases(browser, () => clinic);
  treatmentSteeringCases(browser, () => clinic);
  platformPlanCases(browser, () => clinic);
  billingCases(browser, () => clinic);
  platformBillingCases(browser, () => clinic);
  platformOfferCases(browser, () => clinic);
  serviceKeyCases(browser, () => clinic);
});
