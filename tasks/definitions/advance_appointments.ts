import { timed } from "../timed.ts";

/** Appointments that are near become upcoming. APT-01. */
export default timed({ at: "* * * * *" }, "select app_private.advance_appointments()");
