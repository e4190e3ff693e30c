import "../../graphile_env.ts";
import { runProgram } from "../../../db/bin/run_program.ts";
import { startTestServer } from "../../../db/bin/testing.ts";
import { crossAtScale } from "./scale.ts";

/**
 * The long form of the tenant crossing (FND-05): `npm run crossing -- 100000` asks so many questions, `-- 100000 7`
 * with this seed again. Exit code 1 when anything of another clinic was told, changed or heard.
 */
await runProgram(async () => {
  const [operations = 100_000, seed] = process.argv.slice(2).map(Number);
  const { stop } = await startTestServer();
  try {
    const { wrong, right, undecided, fields, ...crossing } = await crossAtScale({
      operations,
      ...(seed === undefined ? {} : { seed }),
      told: (line) => console.log(line),
    });
    console.log(JSON.stringify(crossing.counts));
    console.log("Verbs that nobody's own rows brought past their arguments or rights:");
    for (const [verb, said] of right) if (said.includes(",")) console.log(`  ${verb}: ${said}`);
    console.log([...new Set(wrong)].slice(0, 50).join("\n"));
    console.log(
      `${crossing.operations} operations over ${fields.size} fields, ${right.size} verbs, ${undecided.size} undecided, ${wrong.length} wrong`,
    );
    return wrong.length + undecided.size > 0 ? 1 : 0;
  } finally {
    await stop();
  }
});
