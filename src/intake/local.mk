# src/intake
libpostigo_a_SOURCES +=
