import { mailersFrom } from "../../providers/email/index.ts";
import { broken, type Examination, ok } from "./finding.ts";

/** Whether mail can leave (FND-15, FND-28): the vendor answers, lets us in, and has verified the sender. */
export const mail: Examination = {
  name: "mail",
  async examine({ env }) {
    const mailers = mailersFrom(env);
    try {
      const problem = await mailers.check();
      return [
        problem ? broken(`mail cannot leave: ${problem.reason}`, problem.advice) : ok("mail can leave"),
      ];
    } finally {
      mailers.close();
    }
  },
};
