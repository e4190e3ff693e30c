import { afterAll, beforeAll } from "vitest";
import { announcingCases } from "./files/announcing.cases.ts";
import { bytesCases } from "./files/bytes.cases.ts";
import { documentsCases } from "./files/documents.cases.ts";
import { signaturesCases } from "./files/signatures.cases.ts";
import { deletionCases, namesCases, waysCases } from "./files/ways.cases.ts";
import { closeWorld, openWorld } from "./files/world.ts";

// All cases share two clinics, one API and one store, and run in this order.
beforeAll(openWorld);
afterAll(closeWorld);

waysCases();
namesCases();
announcingCases();
bytesCases();
signaturesCases();
documentsCases();
deletionCases();
