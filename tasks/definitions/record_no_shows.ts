import { timed } from "../timed.ts";

/** Visits that nobody came to are missed, where the clinic wants it so. APT-01. */
export default timed({ at: "* * * * *" }, "select app_private.record_no_shows()");
