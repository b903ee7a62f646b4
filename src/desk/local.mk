# src/desk
libpostigo_a_SOURCES +=
