import { timed } from "../timed.ts";

/** Patients are reminded of what is near, in the clinic's hours. APT-08. */
export default timed({ at: "*/5 * * * *" }, "select app_private.remind_of_appointments()");
