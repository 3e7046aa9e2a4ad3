"""From the diagnostic port to samples: links, ELM/STN and CAN sessions, scheduler, codecs, simulator.

Reading order: ``address`` (where the adapter is), ``bytelink`` (bytes), ``elm`` and ``can_session`` (questions and
answers), ``scheduler`` (what to ask next), ``engine`` (the thread that does it for days), ``store`` (where the
numbers go). The only room that imports ``obd``, ``can``, ``isotp`` and ``serial``.
"""
