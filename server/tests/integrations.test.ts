import { afterAll, beforeAll } from "vitest";
import { closeClinic, openClinic } from "./integrations/clinic.ts";
import { destinationCases } from "./integrations/destination.cases.ts";
import { rightsCases } from "./integrations/rights.cases.ts";
import { savingCases } from "./integrations/saving.cases.ts";
import { keyServiceCases, secrecyCases } from "./integrations/secrecy.cases.ts";
import { testingCases } from "./integrations/testing.cases.ts";

// The cases share one clinic and run in this order: the last ones look for a key in everything that the others left.
beforeAll(openClinic);
afterAll(closeClinic);

savingCases();
destinationCases();
rightsCases();
testingCases();
keyServiceCases();
secrecyCases();
