import { timed } from "../timed.ts";

/** The audit log has its partitions before the month begins. FND-08. */
export default timed({ at: "20 3 * * *", attempts: 8 }, "select audit.open_months()");
