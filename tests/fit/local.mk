# tests/fit
