-- What links in messages open, and the function of app_private that tells where such a link leads. APT-05.

select app_private.own_rows('app_private.link_kinds', rows => '
  key     | data_key         | url_name   | target_function
  --------+------------------+------------+------------------
  booking | bookingRequestId | bookingUrl | target_of_booking
');
