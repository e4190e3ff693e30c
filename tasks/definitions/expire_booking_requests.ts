import { timed } from "../timed.ts";

/** Requests that the clinic did not answer in time end, and their slots are free again. APT-09. */
export default timed({ at: "* * * * *" }, "select app_private.expire_booking_requests()");
