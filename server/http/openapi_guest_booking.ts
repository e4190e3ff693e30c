import { bookingCancelBody, bookingMoveBody, bookingTokenBody, guestBookingAnswer } from "./guest_booking.ts";
import { answer, body, idempotencyKey, jsonSchema, refusals, visitorId } from "./openapi_parts.ts";
import { daysToMoveBody, nextToMoveBody, timesToMoveBody } from "./times_to_move.ts";

/** The paths of a guest's booking behind its link, from the schemas that check what comes in (APT-05, FND-29). */
export const guestBookingPaths = {
  "/v1/public/bookings/read": {
    post: {
      operationId: "readBooking",
      summary: "How a booking stands, and what its guest may do, behind its link (APT-05).",
      requestBody: body("BookingToken"),
      responses: {
        200: answer("The booking.", "GuestBooking"),
        ...refusals(400, 401, 404, 413, 415, 429, 503),
      },
    },
  },
  "/v1/public/bookings/times": {
    post: {
      operationId: "getTimesToMove",
      summary:
        "The free slots that a booking can be moved to, as getAvailability lists them (APT-05, BIL-05).",
      requestBody: body("TimesToMove"),
      responses: {
        200: answer("The slots, earliest first.", "Availability"),
        ...refusals(400, 401, 404, 409, 413, 415, 429, 503),
      },
    },
  },
  "/v1/public/bookings/times/days": {
    post: {
      operationId: "getDaysToMove",
      summary: "The days on which there are such slots (APT-05, BIL-05).",
      requestBody: body("DaysToMove"),
      responses: {
        200: answer("The days, in order.", "Days"),
        ...refusals(400, 401, 404, 409, 413, 415, 429, 503),
      },
    },
  },
  "/v1/public/bookings/times/next": {
    post: {
      operationId: "getNextToMove",
      summary: "The next of them (APT-05, BIL-05).",
      requestBody: body("NextToMove"),
      responses: {
        200: answer("The slots, earliest first; none where the calendar is full.", "Availability"),
        ...refusals(400, 401, 404, 409, 413, 415, 429, 503),
      },
    },
  },
  "/v1/public/bookings/cancel": {
    post: {
      operationId: "cancelBooking",
      summary: "Withdraws the request, or calls the appointment off by its policy (APT-03, APT-05).",
      parameters: [visitorId, idempotencyKey],
      requestBody: body("BookingCancel"),
      responses: {
        200: answer("The booking as it stands then.", "GuestBooking"),
        ...refusals(400, 401, 404, 409, 413, 415, 422, 429, 503),
      },
    },
  },
  "/v1/public/bookings/move": {
    post: {
      operationId: "moveBooking",
      summary: "Changes the booking to another time, in one step (APT-02, APT-03, APT-05).",
      parameters: [visitorId, idempotencyKey],
      requestBody: body("BookingMove"),
      responses: {
        200: answer("The booking at its new time; the old one is free.", "GuestBooking"),
        ...refusals(400, 401, 404, 409, 410, 413, 415, 422, 429, 503),
      },
    },
  },
};

export const guestBookingSchemas = {
  BookingToken: jsonSchema(bookingTokenBody, "input"),
  TimesToMove: jsonSchema(timesToMoveBody, "input"),
  DaysToMove: jsonSchema(daysToMoveBody, "input"),
  NextToMove: jsonSchema(nextToMoveBody, "input"),
  BookingCancel: jsonSchema(bookingCancelBody, "input"),
  BookingMove: jsonSchema(bookingMoveBody, "input"),
  GuestBooking: jsonSchema(guestBookingAnswer, "output"),
};
