import { afterAll, beforeAll } from "vitest";
import { costsCases } from "./graphql_door/costs.cases.ts";
import { closeDoors, openDoors } from "./graphql_door/doors.ts";
import { pagesCases } from "./graphql_door/pages.cases.ts";
import { introspectionCases, requestsCases } from "./graphql_door/requests.cases.ts";

beforeAll(openDoors);
afterAll(closeDoors);

pagesCases();
costsCases();
requestsCases();
introspectionCases();
