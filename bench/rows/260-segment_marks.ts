import { median, type Row } from "../row.ts";

const names = `select array_agg(format('%I', trigger.tgname)) as names from pg_trigger as trigger
  where trigger.tgrelid = 'app_public.patient_profiles'::regclass and trigger.tgname like '\\_900\\_segments%'`;

/** SEG-03. A write that concerns no segment: with the triggers that would mark, and without them, taking turns. */
export default {
  claim: "a write of a person whom no segment reads",
  unit: "ms",
  goal: { ratioAtMost: 1.05 },
  async measure(bench) {
    const { admin } = bench;
    await admin.query(
      "insert into app_public.patient_profiles (id, given_name, family_name, birth_date) values (bench_id('marks', 1), 'Ana', 'Pop', '1980-01-01')",
    );
    await admin.query(
      "insert into app_public.patients (organization_id, patient_profile_id) values (bench_id('clinic'), bench_id('marks', 1))",
    );
    const triggers: string[] = (await admin.query(names)).rows[0].names;
    const turn = async (on: boolean) => {
      for (const name of triggers)
        await admin.query(
          `alter table app_public.patient_profiles ${on ? "enable" : "disable"} trigger ${name}`,
        );
      const milliseconds: number[] = [];
      for (let run = -5; run < (bench.short ? 2 : 40); run++) {
        const began = performance.now();
        await admin.query(
          "update app_public.patient_profiles set given_name = $1 where id = bench_id('marks', 1)",
          [`Ana ${run}`],
        );
        if (run >= 0) milliseconds.push(performance.now() - began);
      }
      return milliseconds;
    };
    const watched: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round < (bench.short ? 1 : 8); round++) {
      bare.push(...(await turn(false)));
      watched.push(...(await turn(true)));
    }
    return {
      measured: median(watched),
      against: { what: "the same without the triggers", value: median(bare) },
      conditions: { "there are triggers": triggers.length > 0 },
    };
  },
} satisfies Row;
