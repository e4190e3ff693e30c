import { parseArgs } from "node:util";
import { runProgram } from "../../../runtime/run_program.ts";
import { deploy, type Fault, faults } from "./deployment.ts";
import { rounds } from "./rounds.ts";

/** `npm run chaos -- --rounds 20 --seconds 10` (FND-28): kills processes under load, and counts what was lost. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "12" },
      seconds: { type: "string", default: "8" },
      fault: { type: "string", multiple: true },
    },
  });
  const chosen = (values.fault ?? faults) as Fault[];
  const deployment = await deploy();
  let broken = 0;
  try {
    for await (const round of rounds(deployment, chosen, Number(values.rounds), Number(values.seconds))) {
      broken += round.violations.length;
      console.log(
        `${String(round.n).padStart(3)}  ${round.fault.padEnd(10)} ${String(round.bookings).padStart(5)} bookings  ` +
          `${String(round.confirmed).padStart(5)} confirmed  ${round.lost} of ${round.sent} requests without an answer  ` +
          `settled in ${(round.settledMs / 1000).toFixed(1)} s`,
      );
      for (const violation of round.violations) console.log(`     ${violation}`);
    }
  } finally {
    await deployment.stop();
  }
  console.log(broken === 0 ? "Nothing was lost and nothing was done twice." : `${broken} violations`);
  return broken === 0 ? 0 : 1;
}

await runProgram(main);
