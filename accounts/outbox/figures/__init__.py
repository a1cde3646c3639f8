"""What became of the messages by telephone, hour by hour: rows that beat keeps up to date.

Delivery, and conversion (codes used of codes sent), for each channel, country and kind of line.
Charts and tables read these rows alone, so they cost the same at ten million messages.
"""
