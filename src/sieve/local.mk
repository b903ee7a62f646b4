# src/sieve
libpostigo_a_SOURCES +=
