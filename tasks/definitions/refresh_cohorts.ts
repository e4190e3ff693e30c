import { timed } from "../timed.ts";

/** What analysts read of sessions at home is of last night. TEL-09. */
export default timed({ at: "35 3 * * *", attempts: 4 }, "select app_private.refresh_cohorts()");
