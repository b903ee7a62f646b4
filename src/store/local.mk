# src/store
libpostigo_a_SOURCES +=
