import { grownClinics } from "../growth.ts";
import { asCaller, median, type Row } from "../row.ts";

/** What the policies of a list of appointments ask for somebody who works there: ten questions, of which three differ. */
const questions = ["appointments.view", "staff", "staff", "patients.view", "patients.view"].flatMap((one) => [
  one,
  one,
]);
const rights = `select ${questions.map((question) => `app_hidden.rights('${question}')`).join()}`;
const nothing = `select ${questions.map((question) => `'${question}'`).join()}`;

/** FND-29. Without the way there and back, which a statement has anyway. */
export default {
  claim: "rights of one statement, ten questions",
  unit: "ms",
  goal: { atMost: 0.2 },
  async measure(bench) {
    const client = await bench.connect();
    const [clinic] = await grownClinics(bench);
    const caller = {
      principalId: clinic?.staffId as string,
      organizationId: clinic?.organizationId as string,
    };
    const asked: number[] = [];
    const bare: number[] = [];
    for (let run = -5; run < (bench.short ? 1 : 200); run++) {
      for (const [name, text, times] of [
        ["rights", rights, asked],
        ["nothing", nothing, bare],
      ] as const) {
        await asCaller(client, caller, async () => {
          const began = performance.now();
          await client.query({ name, text });
          if (run >= 0) times.push(performance.now() - began);
        });
      }
    }
    return {
      // One run of the short form may be the faster for asking.
      measured: Math.max(median(asked) - median(bare), median(bare) / 100),
      against: { what: "for a statement that asks nothing", value: median(bare) },
    };
  },
} satisfies Row;
