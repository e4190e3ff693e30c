import { timed } from "../timed.ts";

/** Repetitions and stalls of sessions have their partitions before the month begins. TEL-05. */
export default timed({ at: "25 3 * * *", attempts: 8 }, "select app_private.open_metrics_months()");
