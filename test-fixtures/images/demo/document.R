# The document of the demo: a linear model and two plots.
library(ggplot2)

model <- lm(dist ~ speed, data = cars)
print(summary(model))

png("base.png", width = 640, height = 480)
plot(dist ~ speed, data = cars, main = "Stopping distance")
abline(model)
invisible(dev.off())

png("ggplot2.png", width = 640, height = 480)
print(ggplot(cars, aes(speed, dist)) + geom_point() + geom_smooth(method = "lm", formula = y ~ x))
invisible(dev.off())

# The same bytes each time: what 'the same plots' rests on.
print(tools::md5sum(c("base.png", "ggplot2.png")))
