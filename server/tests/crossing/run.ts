import "../../graphile_env.ts";
import { startTestServer } from "../../../db/testing/server.ts";
import { runProgram } from "../../../runtime/run_program.ts";
import { askRightly } from "./right.ts";
import { crossAtScale } from "./scale.ts";

/**
 * The long form of the tenant crossing (FND-05): `npm run crossing -- 100000` asks so many questions, `-- 100000 7`
 * with this seed again. Exit code 1 when anything of another clinic was told, changed or heard, or when there is a verb
 * that no right arguments can be made for: what was asked of it says nothing.
 */
await runProgram(async () => {
  const [operations = 100_000, seed] = process.argv.slice(2).map(Number);
  const { stop } = await startTestServer();
  try {
    const { right, unmade } = await askRightly();
    for (const [verb, said] of unmade) console.log(`No right arguments are made for ${verb}: ${said}`);
    const { wrong, undecided, fields, ...crossing } = await crossAtScale({
      operations,
      ...(seed === undefined ? {} : { seed }),
      told: (line) => console.log(line),
    });
    console.log(JSON.stringify(crossing.counts));
    console.log([...new Set(wrong)].slice(0, 50).join("\n"));
    console.log(
      `${crossing.operations} operations over ${fields.size} fields, ${right.size} of ${right.size + unmade.size} verbs asked rightly, ${undecided.size} undecided, ${wrong.length} wrong`,
    );
    return wrong.length + undecided.size + unmade.size > 0 ? 1 : 0;
  } finally {
    await stop();
  }
});
