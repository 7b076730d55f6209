library(maps)
borders <- map("world", "Norway", plot = FALSE)
write.csv(data.frame(x = range(borders$x, na.rm = TRUE), y = range(borders$y, na.rm = TRUE)), commandArgs(TRUE)[1])
