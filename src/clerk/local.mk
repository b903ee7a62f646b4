# src/clerk
libpostigo_a_SOURCES +=
