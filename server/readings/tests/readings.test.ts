import { afterAll, beforeAll } from "vitest";
import { generatedCases } from "./readings/generated.cases.ts";
import { closeClinics, openClinics } from "./readings/readers.ts";
import { visitsCases } from "./readings/visits.cases.ts";
import { noReadingCases, sideBySideCases, waysCases } from "./readings/ways.cases.ts";

// All cases ask one API over two clinics; every question that is counted comes from somebody who has read nothing yet.
beforeAll(openClinics);
afterAll(closeClinics);

generatedCases();
waysCases();
sideBySideCases();
noReadingCases();
visitsCases();
