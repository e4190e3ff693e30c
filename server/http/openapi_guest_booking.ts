import { bookingCancelBody, bookingMoveBody, bookingTokenBody, guestBookingAnswer } from "./guest_booking.ts";
import { answer, body, idempotencyKey, jsonSchema, refusals, visitorId } from "./openapi_parts.ts";

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
  BookingCancel: jsonSchema(bookingCancelBody, "input"),
  BookingMove: jsonSchema(bookingMoveBody, "input"),
  GuestBooking: jsonSchema(guestBookingAnswer, "output"),
};
