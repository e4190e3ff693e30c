import { timed } from "../timed.ts";

/** Rate limits that are full again need not be known. FND-27. */
export default timed({ at: "*/10 * * * *" }, "select app_private.forget_spent_allowances()");
