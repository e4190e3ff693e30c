-- Days on which nobody works in Romania: Law 53/2003 (the labour code) art. 139 alin. (1), with 6 and 7 January since Law 52/2023.
-- Good Friday, Easter and Pentecost are those of the Orthodox calendar; a test reckons them by another way. BIL-04.

select app_private.own_rows('app_private.public_holidays', scope => '{"country": "RO"}', rows => '
  day        | name
  -----------+-----------------------------------
  2026-01-01 | New Year
  2026-01-02 | New Year
  2026-01-06 | Epiphany
  2026-01-07 | Synaxis of Saint John the Baptist
  2026-01-24 | Union of the Principalities
  2026-04-10 | Good Friday
  2026-04-12 | Easter
  2026-04-13 | Easter
  2026-05-01 | Labour Day
  2026-05-31 | Pentecost
  2026-06-01 | Children''s Day and Pentecost
  2026-08-15 | Dormition of the Mother of God
  2026-11-30 | Saint Andrew
  2026-12-01 | National Day
  2026-12-25 | Christmas
  2026-12-26 | Christmas
  2027-01-01 | New Year
  2027-01-02 | New Year
  2027-01-06 | Epiphany
  2027-01-07 | Synaxis of Saint John the Baptist
  2027-01-24 | Union of the Principalities
  2027-04-30 | Good Friday
  2027-05-01 | Labour Day
  2027-05-02 | Easter
  2027-05-03 | Easter
  2027-06-01 | Children''s Day
  2027-06-20 | Pentecost
  2027-06-21 | Pentecost
  2027-08-15 | Dormition of the Mother of God
  2027-11-30 | Saint Andrew
  2027-12-01 | National Day
  2027-12-25 | Christmas
  2027-12-26 | Christmas
  2028-01-01 | New Year
  2028-01-02 | New Year
  2028-01-06 | Epiphany
  2028-01-07 | Synaxis of Saint John the Baptist
  2028-01-24 | Union of the Principalities
  2028-04-14 | Good Friday
  2028-04-16 | Easter
  2028-04-17 | Easter
  2028-05-01 | Labour Day
  2028-06-01 | Children''s Day
  2028-06-04 | Pentecost
  2028-06-05 | Pentecost
  2028-08-15 | Dormition of the Mother of God
  2028-11-30 | Saint Andrew
  2028-12-01 | National Day
  2028-12-25 | Christmas
  2028-12-26 | Christmas
');
