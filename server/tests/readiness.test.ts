import { afterAll, beforeAll, describe } from "vitest";
import { gateCases } from "./readiness/gate.cases.ts";
import { journeyCases } from "./readiness/journey.cases.ts";
import { welcomedCases } from "./readiness/welcomed.cases.ts";
import { openWorld, type World } from "./signing/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld("bookings, links and withdrawals go through the doors of the API");
  await world.api.sql(`
    select tests.staff('adrian', 'admin', 'atlas', email => 'adrian@clinic.test');
    update app_public.humans set email_verified_at = now();
    select tests.specialist('stefan', (select jsonb_object_agg(d, '[["00:00", "24:00"]]'::jsonb)
      from unnest('{mon,tue,wed,thu,fri,sat,sun}'::text[]) d), clinic => 'atlas');
    select tests.calendar(c, '{stefan}', modality => 'video', clinic => 'atlas')
    from unnest('{click_typed screens,drawn_kiosk screens,remote_link screens,guests}'::text[]) c`);
});
afterAll(() => world?.close());

describe("from a template to a booking and back (APT-06, CNS-08, CNS-09)", () => journeyCases(() => world));
describe("a booking that the patient is not ready for (APT-06, CNS-08)", () => gateCases(() => world));
describe("a booking by which somebody becomes a patient (AUT-05, APT-09)", () => welcomedCases(() => world));
