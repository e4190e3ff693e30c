-- What links in messages open, and the function of app_private that tells where such a link leads. APT-05, SCH-10.

select app_private.own_rows('app_private.link_kinds', rows => '
  key            | data_key         | url_name   | target_function
  ---------------+------------------+------------+-------------------------
  booking        | bookingRequestId | bookingUrl | target_of_booking
  waitlist_offer | waitlistOfferId  | offerUrl   | target_of_waitlist_offer
');
