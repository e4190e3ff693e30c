import { timed } from "../timed.ts";

/** Holds that ran out are released. SCH-06. */
export default timed({ at: "* * * * *" }, "select app_private.release_expired_claims()");
