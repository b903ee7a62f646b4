# manual pages
dist_man_MANS += doc/postigo.1 doc/postigo.conf.5 doc/postigo-sieve.7
