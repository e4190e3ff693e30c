import pg from "pg";
import { loadTestHelpers } from "../../../../db/testing/server.ts";
import type { KillableDatabase } from "../database.ts";

/** The clinic that everybody storms: few specialists, two rooms and one laser, so that all stand in each other's way. */
export type Clinic = {
  id: string;
  frontDeskId: string;
  /** The group has four seats; rooms need a room and the laser. */
  calendars: { id: string; minutes: number; specialistIds: string[]; isPicked: boolean }[];
  /** Of account, profile and patient; most have a plan. */
  patients: { principalId: string; profileId: string; id: string }[];
};

const everyHour = `'{"mon": [["00:00", "24:00"]], "tue": [["00:00", "24:00"]], "wed": [["00:00", "24:00"]], "thu": [["00:00", "24:00"]],
  "fri": [["00:00", "24:00"]], "sat": [["00:00", "24:00"]], "sun": [["00:00", "24:00"]]}'`;

const furnishing = `
  select tests.clinic('storm'), tests.staff('flavia', 'front_desk'), tests.staff('adrian', 'admin');
  update app_public.organizations set holds_per_visitor = 20, holds_per_address = 1000, hold_minutes = 1 where slug = 'storm';
  select tests.specialist(name, ${everyHour}, timezone => 'UTC') from unnest('{ioana,stefan,maria,dan}'::text[]) as name;
  select tests.service('massage', 30, specialists => '{ioana,stefan,maria,dan}');
  select tests.calendar('turns', '{ioana,stefan,maria}', 30, 'massage', buffer_after_minutes => 10, timezone => 'UTC');
  select tests.calendar('picked', '{ioana,stefan,maria,dan}', 45, 'massage', 'specific', timezone => 'UTC');
  select tests.calendar('group', '{dan,maria}', 60, 'massage', timezone => 'UTC'), tests.capacity('group', 4);
  select tests.calendar('equipped', '{ioana,stefan,maria,dan}', 30, 'massage', timezone => 'UTC');
  select tests.resource('room a', 'room'), tests.resource('room b', 'room'), tests.resource('the laser', 'laser', 'equipment');
  select tests.needs('equipped', 'room'), tests.needs('equipped', 'laser');
  select tests.plan('thirty', 30), tests.plan('three', 3);
  select tests.patient('patient ' || n) from generate_series(0, 9) as n;
  select tests.has_plan('patient ' || n, 'thirty') from generate_series(0, 5) as n;
  select tests.has_plan('patient ' || n, 'three') from generate_series(5, 7) as n;`;

export async function openClinic({ urls }: KillableDatabase): Promise<Clinic> {
  await loadTestHelpers(urls.admin);
  const client = new pg.Client(urls.admin);
  await client.connect();
  try {
    await client.query(furnishing);
    const { rows } = await client.query(
      `select tests.id('storm') as id, tests.id('flavia') as "frontDeskId",
         (select jsonb_agg(jsonb_build_object('id', c.id, 'minutes', c.duration_minutes, 'isPicked', c.assignment_strategy = 'specific',
            'specialistIds', (select jsonb_agg(cs.specialist_id) from app_public.calendar_specialists cs where cs.calendar_id = c.id)))
          from app_public.calendars c where c.organization_id = tests.id('storm')) as calendars,
         (select jsonb_agg(jsonb_build_object('principalId', p.principal_id, 'profileId', tests.id(p.name),
            'id', tests.id(p.name || ' at storm'))) from tests.personas p where p.name like 'patient %') as patients`,
    );
    return rows[0];
  } finally {
    await client.end();
  }
}
